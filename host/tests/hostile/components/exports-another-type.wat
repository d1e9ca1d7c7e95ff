;; Exports a `describe` that answers a number.
(component
  (core module $module (func (export "describe") (result i32) (i32.const 7)))
  (core instance $core (instantiate $module))
  (func $describe (result u32) (canon lift (core func $core "describe")))
  (instance $rules (export "describe" (func $describe)))
  (export "ecert:plugin/rules@0.1.0" (instance $rules)))

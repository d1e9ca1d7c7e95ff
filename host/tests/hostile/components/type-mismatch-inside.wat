;; Holds a module whose code does not type-check.
(component
  (core module (func (result i32) (i64.const 1)))
  (instance $rules)
  (export "ecert:plugin/rules@0.1.0" (instance $rules)))

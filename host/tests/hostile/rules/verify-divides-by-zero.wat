;; Divides by zero.
(func (export "ecert:plugin/rules@0.1.0#verify") (param $case i32) (result i32)
  (i32.div_u (i32.const 1) (i32.const 0)))

;; Calls a function through a table as if it had another type.
(table $t 1 funcref)
(elem (i32.const 0) $f)
(func $f)
(func (export "ecert:plugin/rules@0.1.0#verify") (param $case i32) (result i32)
  (call_indirect (result i32) (i32.const 0)))

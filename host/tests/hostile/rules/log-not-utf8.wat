;; Writes a message that is no UTF-8 text.
(import "ecert:plugin/log@0.1.0" "write" (func $log (param i32 i32 i32)))
(data (i32.const 4096) "\ff\fe")
(func (export "ecert:plugin/rules@0.1.0#verify") (param $case i32) (result i32)
  (call $log (i32.const 2) (i32.const 4096) (i32.const 2))
  i32.const 512)

;; Writes one message of eight MiB.
(import "ecert:plugin/log@0.1.0" "write" (func $log (param i32 i32 i32)))
(func (export "ecert:plugin/rules@0.1.0#verify") (param $case i32) (result i32)
  (drop (memory.grow (i32.const 128)))
  (call $log (i32.const 2) (i32.const 65536) (i32.const 8388608))
  i32.const 512)

;; Writes a message of eight MiB.
(func (export "ecert:plugin/adapter@0.1.0#write") (param $arguments i32) (result i32)
  (drop (memory.grow (i32.const 128)))
  (i32.store (i32.const 516) (i32.const 65536)) (i32.store (i32.const 520) (i32.const 8388608))
  i32.const 512)

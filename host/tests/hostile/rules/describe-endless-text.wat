;; Says a manifest of eight MiB.
(func (export "ecert:plugin/rules@0.1.0#describe") (result i32)
  (drop (memory.grow (i32.const 128)))
  (i32.store (i32.const 512) (i32.const 65536))
  (i32.store (i32.const 516) (i32.const 8388608))
  i32.const 512)

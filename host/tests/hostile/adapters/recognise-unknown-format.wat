;; Takes every message for a format that is not its own.
(data (i32.const 4096) "uncefact-sps")
(func (export "ecert:plugin/adapter@0.1.0#recognise") (param $head i32) (param $size i32) (result i32)
  (i32.store8 (i32.const 512) (i32.const 1))
  (i32.store (i32.const 516) (i32.const 4096)) (i32.store (i32.const 520) (i32.const 12))
  (i32.store8 (i32.const 524) (i32.const 100))
  i32.const 512)

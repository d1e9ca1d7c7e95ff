;; Complains under a code that is no code.
(data (i32.const 4096) "<script>")
(func (export "ecert:plugin/adapter@0.1.0#read")
  (param $message i32) (param $size i32) (param $format i32) (param $length i32) (result i32)
  (i32.store (i32.const 520) (i32.const 4112)) (i32.store (i32.const 524) (i32.const 1))
  (i32.store (i32.const 4112) (i32.const 4096)) (i32.store (i32.const 4116) (i32.const 8))
  i32.const 512)

;; Reads a kind of document that does not exist.
(func (export "ecert:plugin/adapter@0.1.0#read")
  (param $message i32) (param $size i32) (param $format i32) (param $length i32) (result i32)
  ;; One name, and one place: the whole message.
  (i32.store (i32.const 536) (i32.const 4096)) (i32.store (i32.const 540) (i32.const 1))
  (i32.store (i32.const 4096) (i32.const 1024)) (i32.store (i32.const 4100) (i32.const 1))
  (i32.store (i32.const 544) (i32.const 4112)) (i32.store (i32.const 548) (i32.const 1))
  (i32.store (i32.const 4128) (local.get $size))
  (i32.store (i32.const 512) (i32.const 8192)) (i32.store (i32.const 516) (i32.const 1))
  (i32.store8 (i32.const 8192) (i32.const 99))
  i32.const 512)

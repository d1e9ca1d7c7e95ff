;; Finds in every message the same message again.
(data (i32.const 4160) "hostile-format")
(func (export "ecert:plugin/adapter@0.1.0#read")
  (param $message i32) (param $size i32) (param $format i32) (param $length i32) (result i32)
  (drop (memory.grow (i32.const 1)))
  ;; One name, and one place: the whole message.
  (i32.store (i32.const 536) (i32.const 4096)) (i32.store (i32.const 540) (i32.const 1))
  (i32.store (i32.const 4096) (i32.const 1024)) (i32.store (i32.const 4100) (i32.const 1))
  (i32.store (i32.const 544) (i32.const 4112)) (i32.store (i32.const 548) (i32.const 1))
  (i32.store (i32.const 4128) (local.get $size))
  ;; An embedded message: of this format, as it stands, at place 0.
  (i32.store (i32.const 512) (i32.const 65536)) (i32.store (i32.const 516) (i32.const 1))
  (i32.store8 (i32.const 65536) (i32.const 3))
  (i32.store8 (i32.const 65544) (i32.const 1))
  (i32.store8 (i32.const 65556) (i32.const 2))
  (i32.store (i32.const 65548) (i32.const 4160)) (i32.store (i32.const 65552) (i32.const 14))
  i32.const 512)

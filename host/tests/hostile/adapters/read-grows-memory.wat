;; Takes memory for ever.
(func (export "ecert:plugin/adapter@0.1.0#read")
  (param $message i32) (param $size i32) (param $format i32) (param $length i32) (result i32)
  (loop $again (drop (memory.grow (i32.const 16))) (br $again))
  unreachable)

;; Computes for ever over the first bytes of a message.
(func (export "ecert:plugin/adapter@0.1.0#recognise") (param $head i32) (param $size i32) (result i32)
  (loop $again (br $again))
  unreachable)

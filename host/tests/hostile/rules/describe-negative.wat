;; Answers with an address behind all memory.
(func (export "ecert:plugin/rules@0.1.0#describe") (result i32)
  i32.const -4)

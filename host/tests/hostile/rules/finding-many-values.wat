;; Expects thousands of empty texts.
(func (export "ecert:plugin/rules@0.1.0#verify") (param $case i32) (result i32)
  (drop (memory.grow (i32.const 16)))
  (i32.store (i32.const 512) (i32.const 4096)) (i32.store (i32.const 516) (i32.const 1))
  ;; An outcome: rule 0 on item 0, verdict 1.
  (i32.store16 (i32.const 4096) (i32.const 0))
  (i32.store8 (i32.const 4100) (i32.const 1)) (i32.store (i32.const 4104) (i32.const 0))
  (i32.store8 (i32.const 4108) (i32.const 1))
  (i32.store (i32.const 520) (i32.const 5120)) (i32.store (i32.const 524) (i32.const 1))
  ;; A finding: rule 0 on item 0, severity 0, place 0 in the declaration.
  (i32.store16 (i32.const 5120) (i32.const 0))
  (i32.store8 (i32.const 5124) (i32.const 1)) (i32.store (i32.const 5128) (i32.const 0))
  (i32.store8 (i32.const 5132) (i32.const 0))
  (i32.store (i32.const 5168) (i32.const 5632)) (i32.store (i32.const 5172) (i32.const 1))
  (i32.store (i32.const 5632) (i32.const 0))
  (i32.store (i32.const 5144) (i32.const 65536)) (i32.store (i32.const 5148) (i32.const 5000))
  i32.const 512)

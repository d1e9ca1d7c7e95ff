;; Judges a rule that its manifest does not list.
(func (export "ecert:plugin/rules@0.1.0#verify") (param $case i32) (result i32)
  (i32.store (i32.const 512) (i32.const 4096)) (i32.store (i32.const 516) (i32.const 1))
  ;; An outcome: rule 7 on item 0, verdict 0.
  (i32.store16 (i32.const 4096) (i32.const 7))
  (i32.store8 (i32.const 4100) (i32.const 1)) (i32.store (i32.const 4104) (i32.const 0))
  (i32.store8 (i32.const 4108) (i32.const 0))
  i32.const 512)

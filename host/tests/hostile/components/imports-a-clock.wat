;; Wants to know the time.
(component
  (import "wasi:clocks/wall-clock@0.2.0" (instance))
  (instance $rules)
  (export "ecert:plugin/rules@0.1.0" (instance $rules)))

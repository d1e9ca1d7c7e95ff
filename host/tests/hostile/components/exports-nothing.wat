;; Exports an empty interface.
(component
  (instance $rules)
  (export "ecert:plugin/rules@0.1.0" (instance $rules)))

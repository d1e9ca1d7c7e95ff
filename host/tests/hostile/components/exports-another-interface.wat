;; Exports an adapter, and says that it is a rule set.
(component
  (instance $adapter)
  (export "ecert:plugin/adapter@0.1.0" (instance $adapter)))

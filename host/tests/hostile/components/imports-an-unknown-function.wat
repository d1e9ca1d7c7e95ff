;; Imports a function that an interface of the contract does not have.
(component
  (import "ecert:plugin/log@0.1.0" (instance (export "erase" (func))))
  (instance $rules)
  (export "ecert:plugin/rules@0.1.0" (instance $rules)))

;; Imports a function under the name of an interface of the contract.
(component
  (import "ecert:plugin/log@0.1.0" (func))
  (instance $rules)
  (export "ecert:plugin/rules@0.1.0" (instance $rules)))

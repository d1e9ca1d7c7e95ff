;; Imports a function of the contract as if it had another type.
(component
  (import "ecert:plugin/log@0.1.0" (instance (export "write" (func (param "everything" (list string))))))
  (instance $rules)
  (export "ecert:plugin/rules@0.1.0" (instance $rules)))

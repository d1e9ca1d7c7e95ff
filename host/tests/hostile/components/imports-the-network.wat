;; Wants to reach the network.
(component
  (import "wasi:sockets/tcp@0.2.0" (instance))
  (instance $rules)
  (export "ecert:plugin/rules@0.1.0" (instance $rules)))

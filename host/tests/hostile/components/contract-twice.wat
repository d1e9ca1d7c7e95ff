;; Built for two contracts.
(component
  (@custom "ecert:contract" "0.1.0")
  (@custom "ecert:contract" "0.1.0"))

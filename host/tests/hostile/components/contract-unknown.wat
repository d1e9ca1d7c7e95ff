;; Built for a contract of later days.
(component
  (@custom "ecert:contract" "9.9.9"))

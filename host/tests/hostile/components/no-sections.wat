;; Says nothing of itself.
(component)

;; Built for a contract whose version is no text.
(component
  (@custom "ecert:contract" "\ff\fe"))

;; Asks for a table of ten million elements before it is called.
(table 10000000 funcref)

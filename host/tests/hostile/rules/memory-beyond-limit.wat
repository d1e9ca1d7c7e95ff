;; Asks for a GiB of memory before it is called.
(memory (export "memory") 16384)

;; Asks for 64 MiB of memory, more than a small call is given.
(memory (export "memory") 1024)

;; Has more memories than a plugin may have.
(memory (export "memory") 1)
(memory 1)
(memory 1)
(memory 1)
(memory 1)

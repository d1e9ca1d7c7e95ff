;; Has data that do not fit its memory.
(data (i32.const 65530) "behind the end")

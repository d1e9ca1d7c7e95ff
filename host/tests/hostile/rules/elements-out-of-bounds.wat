;; Has functions that do not fit its table.
(table $t 1 funcref)
(func $f)
(elem (i32.const 5) $f)

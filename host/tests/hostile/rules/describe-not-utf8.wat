;; Says a manifest whose first byte no UTF-8 text has.
(func $spoil (i32.store8 (i32.const 1024) (i32.const 0xff)))
(start $spoil)

;; Gives the host memory at address 0, over its own data.
(func (export "cabi_realloc") (param $old i32) (param $had i32) (param $align i32) (param $wanted i32) (result i32)
  i32.const 0)

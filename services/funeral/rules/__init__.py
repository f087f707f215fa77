"""What the law says about keeping, cremating, arranging, charging and certifying; no I/O."""

"""The suite, in the shape of the house; doubles are the small real implementations that we ship."""

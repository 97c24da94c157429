package verdict

// Stop is for the tests of this package.
var Stop = stopOf

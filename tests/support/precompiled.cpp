// The unit for whose sake the precompiled header is made; the test programs reuse it.

// The version of basket as one integer; CMake reads it from here.
#pragma once

/// Major * 10000 + minor * 100 + patch.
#define BASKET_VERSION 100

// The second of two units that include every public header.
#include "everything.hpp"

int second_unit();

int second_unit() { return BASKET_VERSION; }

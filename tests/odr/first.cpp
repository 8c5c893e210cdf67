// The first of two units that include every public header: what is not inline is defined twice and does not link.
#include "everything.hpp"

int second_unit();

int main() { return second_unit() == BASKET_VERSION ? 0 : 1; }

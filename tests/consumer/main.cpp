// A user's program, the same for every way of getting the library: one header of the core, one of each target linked.
#include <basket/version.hpp>
#include <cstdio>

int main() {
  std::printf("basket %d.%d.%d\n", BASKET_VERSION / 10000, BASKET_VERSION / 100 % 100, BASKET_VERSION % 100);
  return 0;
}

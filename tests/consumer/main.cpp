// A user's program, the same for every way of getting the library: it computes with basket::basket and calls into both
// libraries behind basket::files.
#include <basket/core/units.hpp>
#include <basket/files/gzip.hpp>
#include <basket/files/taxonomy_yaml.hpp>
#include <basket/taxonomy/themes.hpp>
#include <basket/version.hpp>
#include <cstdio>

int main() {
  using namespace basket;
  const money cost = (price::cents(25) * shares::whole(8)).to_money(rounding::down);
  if (cost != money::dollars(2)) return 1;
  if (files::read_file(__FILE__).empty()) return 1;
  try {
    (void)files::read_theme_rules<taxonomy::theme_rule>("absent.yaml");
  } catch (const data_error& refused) {
    std::printf("basket %d.%d.%d: %s\n", BASKET_VERSION / 10000, BASKET_VERSION / 100 % 100, BASKET_VERSION % 100,
                refused.what());
    return 0;
  }
  return 1;
}

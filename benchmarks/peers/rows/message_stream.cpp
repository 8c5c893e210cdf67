// Writes the synthetic stream as a matrix: message_stream DATA_FOLDER ANSWER_FOLDER SECONDS.
#include <algorithm>

#include "basket/source/synthetic_stream.hpp"
#include "messages.hpp"

int main(int argc, char** argv) {
  return peers::main_of(argc, argv, [](const peers::bench& bench) {
    using namespace basket;
    source::synthetic_stream stream({.seed = 1,
                                     .messages = static_cast<std::size_t>(bench.parameter("messages")),
                                     .gap_every = 100'000,
                                     .start = instant::nanoseconds(peers::first_instant),
                                     .settles = false});
    const std::vector<message> all = source::read_all(stream);
    Eigen::MatrixXd rows = Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(all.size()), 5);
    std::uint32_t levels = 0;
    double last = -1.0;  // every message but a snapshot's levels has an instant of its own: peers act once an instant
    for (std::size_t i = 0; i < all.size(); ++i) {
      const message& m = all[i];
      const auto r = static_cast<Eigen::Index>(i);
      const bool of_snapshot = levels > 0 && m.kind() == message_kind::level;
      const auto told = static_cast<double>(m.known_at.nanoseconds() - peers::first_instant);
      rows(r, 1) = last = of_snapshot ? last : std::max(told, last + 1.0);
      if (m.kind() == message_kind::snapshot) {
        levels = m.snapshot_levels();
      } else if (m.kind() == message_kind::level) {
        rows(r, 0) = levels > 0 ? 4.0 : 1.0;
        levels -= levels > 0 ? 1 : 0;
        rows(r, 2) = m.level().of == side::buy ? 0.0 : 1.0;
        rows(r, 3) = static_cast<double>(m.level().at.micros() / 1'000);
        rows(r, 4) = m.level().size.to_double();
      } else if (m.kind() == message_kind::trade) {
        rows(r, 0) = 2.0;
        rows(r, 2) = m.trade().aggressor == side::buy ? 0.0 : 1.0;
        rows(r, 3) = static_cast<double>(m.trade().at.micros() / 1'000);
        rows(r, 4) = m.trade().size.to_double();
      } else {
        rows(r, 0) = 3.0;
      }
    }
    bench.write("stream", rows);
  });
}

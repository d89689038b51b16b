// Links owns the set-up of network devices through rtnetlink and ethtool, in the namespace of the calling thread.
#pragma once

#include <cstdint>
#include <string>

#include "harness/base/result.h"
#include "harness/target/linux/addresses.h"
#include "harness/target/linux/fd.h"

namespace conform::kernel {

class Links {
 public:
  static Result<Links> open();

  // A veth pair with these names and link addresses; both ends are down.
  Status add_veth_pair(const std::string& name, const LinkAddress& link, const std::string& peer,
                       const LinkAddress& peer_link);
  // Brings a device up. `mtu` and `queue` (datagrams) are left as they are when 0.
  Status bring_up(const std::string& name, std::uint32_t mtu = 0, std::uint32_t queue = 0);
  // Gives a device an address, without duplicate address detection.
  Status add_address(const std::string& name, Family family, const Address& address, std::uint8_t prefix);
  // A permanent neighbour, so that neither ARP nor neighbour discovery is needed.
  Status add_neighbour(const std::string& name, Family family, const Address& address, const LinkAddress& link);
  // Turns off checksum and segmentation offload, so that what is sent looks as it would on a cable.
  static Status turn_off_offloads(const std::string& name);

 private:
  explicit Links(Fd socket) : socket_(std::move(socket)) {}
  // Sends one request and waits for its acknowledgement; `what` begins the message of an error.
  Status request(void* message, const std::string& what);

  Fd socket_;
  std::uint32_t sequence_ = 0;
};

}  // namespace conform::kernel

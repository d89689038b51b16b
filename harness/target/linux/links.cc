#include "harness/target/linux/links.h"

#include <fmt/format.h>
#include <libmnl/libmnl.h>
#include <linux/ethtool.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace conform::kernel {
namespace {

// Room for one rtnetlink request, and its header.
struct Buffer {
  alignas(nlmsghdr) std::array<char, 1024> bytes{};

  nlmsghdr* start(std::uint16_t type, std::uint16_t flags) {
    nlmsghdr* message = mnl_nlmsg_put_header(bytes.data());
    message->nlmsg_type = type;
    message->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
    return message;
  }
};

template <typename T>
T* put_extra(nlmsghdr* message) {
  return static_cast<T*>(mnl_nlmsg_put_extra_header(message, sizeof(T)));
}

std::size_t size_of(Family family) { return family == Family::Ipv4 ? 4 : 16; }
std::uint8_t number_of(Family family) { return family == Family::Ipv4 ? AF_INET : AF_INET6; }

}  // namespace

Result<Links> Links::open() {
  Fd fd(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  if (!fd) return error(fmt::format("cannot open a rtnetlink socket: {}", std::strerror(errno)));
  return Links(std::move(fd));
}

Status Links::request(void* request, const std::string& what) {
  auto* message = static_cast<nlmsghdr*>(request);
  message->nlmsg_seq = ++sequence_;
  if (send(socket_.get(), message, message->nlmsg_len, 0) < 0) {
    return error(fmt::format("{}: {}", what, std::strerror(errno)));
  }
  alignas(nlmsghdr) std::array<char, 8192> in{};
  while (true) {
    const ssize_t got = recv(socket_.get(), in.data(), in.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return error(fmt::format("{}: {}", what, std::strerror(errno)));
    int left = static_cast<int>(got);
    for (auto* part = reinterpret_cast<const nlmsghdr*>(in.data()); mnl_nlmsg_ok(part, left);
         part = mnl_nlmsg_next(part, &left)) {
      if (part->nlmsg_seq != sequence_ || part->nlmsg_type != NLMSG_ERROR) continue;
      if (mnl_nlmsg_get_payload_len(part) < sizeof(nlmsgerr)) return error(what + ": cut short");
      nlmsgerr answer;
      std::memcpy(&answer, mnl_nlmsg_get_payload(part), sizeof answer);
      if (answer.error != 0) return error(fmt::format("{}: {}", what, std::strerror(-answer.error)));
      return Done{};
    }
  }
}

Status Links::add_veth_pair(const std::string& name, const LinkAddress& link, const std::string& peer,
                            const LinkAddress& peer_link) {
  Buffer buffer;
  nlmsghdr* message = buffer.start(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
  put_extra<ifinfomsg>(message);
  mnl_attr_put_strz(message, IFLA_IFNAME, name.c_str());
  mnl_attr_put(message, IFLA_ADDRESS, link.size(), link.data());
  nlattr* info = mnl_attr_nest_start(message, IFLA_LINKINFO);
  mnl_attr_put_str(message, IFLA_INFO_KIND, "veth");
  nlattr* data = mnl_attr_nest_start(message, IFLA_INFO_DATA);
  nlattr* other = mnl_attr_nest_start(message, VETH_INFO_PEER);
  put_extra<ifinfomsg>(message);
  mnl_attr_put_strz(message, IFLA_IFNAME, peer.c_str());
  mnl_attr_put(message, IFLA_ADDRESS, peer_link.size(), peer_link.data());
  mnl_attr_nest_end(message, other);
  mnl_attr_nest_end(message, data);
  mnl_attr_nest_end(message, info);
  return request(message, "cannot make a veth pair");
}

Status Links::bring_up(const std::string& name, std::uint32_t mtu, std::uint32_t queue) {
  Buffer buffer;
  nlmsghdr* message = buffer.start(RTM_NEWLINK, 0);
  auto* info = put_extra<ifinfomsg>(message);
  info->ifi_flags = info->ifi_change = IFF_UP;
  mnl_attr_put_strz(message, IFLA_IFNAME, name.c_str());
  if (mtu != 0) mnl_attr_put_u32(message, IFLA_MTU, mtu);
  if (queue != 0) mnl_attr_put_u32(message, IFLA_TXQLEN, queue);
  return request(message, fmt::format("cannot bring up {}", name));
}

Status Links::add_address(const std::string& name, Family family, const Address& address, std::uint8_t prefix) {
  Buffer buffer;
  nlmsghdr* message = buffer.start(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL);
  auto* info = put_extra<ifaddrmsg>(message);
  info->ifa_family = number_of(family);
  info->ifa_prefixlen = prefix;
  info->ifa_flags = family == Family::Ipv6 ? IFA_F_NODAD : 0;
  info->ifa_index = if_nametoindex(name.c_str());
  mnl_attr_put(message, IFA_LOCAL, size_of(family), address.bytes.data());
  mnl_attr_put(message, IFA_ADDRESS, size_of(family), address.bytes.data());
  return request(message, fmt::format("cannot give {} an IPv{} address", name, family == Family::Ipv4 ? 4 : 6));
}

Status Links::add_neighbour(const std::string& name, Family family, const Address& address, const LinkAddress& link) {
  Buffer buffer;
  nlmsghdr* message = buffer.start(RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE);
  auto* info = put_extra<ndmsg>(message);
  info->ndm_family = number_of(family);
  info->ndm_ifindex = static_cast<int>(if_nametoindex(name.c_str()));
  info->ndm_state = NUD_PERMANENT;
  mnl_attr_put(message, NDA_DST, size_of(family), address.bytes.data());
  mnl_attr_put(message, NDA_LLADDR, link.size(), link.data());
  return request(message, fmt::format("cannot add a neighbour on {}", name));
}

Status Links::turn_off_offloads(const std::string& name) {
  const Fd fd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd) return error(fmt::format("cannot open a socket for ethtool: {}", std::strerror(errno)));
  for (const std::uint32_t command : {ETHTOOL_STXCSUM, ETHTOOL_SRXCSUM, ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_SGRO}) {
    ethtool_value value{command, 0};
    ifreq request{};
    name.copy(request.ifr_name, IFNAMSIZ - 1);
    request.ifr_data = reinterpret_cast<char*>(&value);
    // EOPNOTSUPP: the device has no such feature, or has it fixed; it matters only for checksums and segmentation.
    if (ioctl(fd.get(), SIOCETHTOOL, &request) == 0 || errno == EOPNOTSUPP) continue;
    return error(fmt::format("cannot turn off offload {:#x} of {}: {}", command, name, std::strerror(errno)));
  }
  return Done{};
}

}  // namespace conform::kernel

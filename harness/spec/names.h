// Names owns what is said about a word that nothing is called: the nearest known word, by edit distance.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace conform::spec {

using Words = std::vector<std::string_view>;

// The number of letters to insert, delete, change or swap to make `b` of `a`. Case, and '_' against '-', count nothing.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The known word that was probably meant; empty when none is near.
std::string_view nearest(std::string_view wrong, const Words& known);

// A hint for a diagnostic: "did you mean 'SYN-SENT'?"; when nothing is near and the words are few, "one of a, b, c".
std::string hint_for(std::string_view wrong, const Words& known);

// "a, b, c"
std::string joined(const Words& words);

}  // namespace conform::spec

# What Ruby's RSS library, as a validating parser, says of the feed on standard input: a line, or
# nothing if it is a valid feed of the kind that the argument names, rss (2.0) or atom (RFC 4287).
require "rss"

KINDS = { "rss" => RSS::Rss, "atom" => RSS::Atom::Feed }.freeze

begin
  validate = true
  ignore_unknown_elements = false
  feed = RSS::Parser.parse($stdin.read, validate, ignore_unknown_elements)
  puts "not a feed of the kind #{ARGV[0]}" unless feed.instance_of?(KINDS.fetch(ARGV[0]))
rescue RSS::Error => e
  puts e.message.tr("\n", " ")
end

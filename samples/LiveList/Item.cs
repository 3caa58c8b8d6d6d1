using System.Text.Json.Serialization;
using Replica.Peer.Host.Queries;

namespace Replica.Samples.LiveList;

internal sealed record Item(string Id, string Text, bool Done);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Item))]
[JsonSerializable(typeof(LiveUpdate<string, Item>))]
internal sealed partial class Shapes : JsonSerializerContext;

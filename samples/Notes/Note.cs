using System.Text.Json.Serialization;

namespace Replica.Samples.Notes;

internal sealed record Note(string Id, string Text);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Note))]
internal sealed partial class Shapes : JsonSerializerContext;

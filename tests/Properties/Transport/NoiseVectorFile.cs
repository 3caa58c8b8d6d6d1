using System.Text.Json;

namespace Replica.Tests.Properties.Transport;

/// <summary>A file of the format noise-vectors/1.</summary>
internal sealed class NoiseVectorFile
{
    private readonly JsonElement _root;

    private NoiseVectorFile(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        _root = document.RootElement.Clone();
    }

    public static NoiseVectorFile Own() =>
        new(Path.Combine(AppContext.BaseDirectory, "Transport", "Vectors", "noise-own.json"));

    public static NoiseVectorFile At(string path) => new(path);

    public List<JsonElement> Section(string name) => [.. _root.GetProperty(name).EnumerateArray()];
}

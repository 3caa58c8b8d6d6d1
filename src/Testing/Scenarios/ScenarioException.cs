namespace Replica.Testing.Scenarios;

/// <summary>A scenario or its file is not as the format asks: correct the file.</summary>
/// <param name="message">Which part, and what was expected of it.</param>
public sealed class ScenarioException(string message) : Exception(message);

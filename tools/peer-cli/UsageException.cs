namespace Replica.PeerCli;

/// <summary>The command line is wrong: exit code 2. Nothing was done.</summary>
/// <param name="message">What is wrong and how it is written.</param>
internal sealed class UsageException(string message) : Exception(message);

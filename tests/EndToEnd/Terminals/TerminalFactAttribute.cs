using Xunit;

namespace Replica.Tests.EndToEnd.Terminals;

/// <summary>A test that needs a terminal; skipped with a message where none can be made.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TerminalFactAttribute : FactAttribute
{
    public TerminalFactAttribute() => Skip = TerminalProcess.IsPossible ? null : "There is no 'script' of util-linux here to make a terminal.";
}

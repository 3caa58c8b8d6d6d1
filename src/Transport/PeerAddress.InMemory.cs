using System.Diagnostics.CodeAnalysis;

namespace Replica.Transport;

public abstract partial record PeerAddress
{
    /// <summary>An address inside this process, <c>memory:name</c>.</summary>
    public sealed record InMemory : PeerAddress
    {
        private InMemory(string name) => Name = name;

        /// <summary>1 or more letters, digits, '-', '_' and '.'; case counts.</summary>
        public string Name { get; }

        /// <inheritdoc/>
        public override string Source => ToString();

        /// <inheritdoc/>
        public override string ToString() => $"memory:{Name}";

        internal static bool TryParseRest(
            string name, [NotNullWhen(true)] out PeerAddress? address, [NotNullWhen(false)] out string? error)
        {
            var valid = name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
            address = valid ? new InMemory(name) : null;
            error = valid ? null : "After memory: stands a name of letters, digits, '-', '_' and '.', as in memory:alpha.";
            return valid;
        }
    }
}

# SPDX-License-Identifier: MIT
# Completion of tithe-cli for bash.
_tithe_cli () {
  local cur prev words cword
  _init_completion || return
  local commands="demo info embed cluster linkage subset decide figure"
  if [ "$cword" -eq 1 ]; then
    mapfile -t COMPREPLY < <(compgen -W "$commands --help --version" -- "$cur")
    return
  fi
  case "$prev" in
    --method | -m) mapfile -t COMPREPLY < <(compgen -W "learn quick" -- "$cur"); return ;;
    --model) mapfile -t COMPREPLY < <(compgen -W "fast resnet20 resnet32 resnet8" -- "$cur"); return ;;
    --network) _filedir safetensors; return ;;
    --linkage | -l) mapfile -t COMPREPLY < <(compgen -W "complete average single" -- "$cur"); return ;;
    --policy | -p) mapfile -t COMPREPLY < <(compgen -W "per-class global" -- "$cur"); return ;;
    --representative) mapfile -t COMPREPLY < <(compgen -W "centre medoid first" -- "$cur"); return ;;
    --format | -f) mapfile -t COMPREPLY < <(compgen -W "csv jsonl indices paths paths-dropped" -- "$cur"); return ;;
    --kind) mapfile -t COMPREPLY < <(compgen -W "sizes dissimilarity redundancy" -- "$cur"); return ;;
    --rule) mapfile -t COMPREPLY < <(compgen -W "largest sharpest discard-others at-least protect-class protect-folder protect-list" -- "$cur"); return ;;
    --value) _filedir; return ;;
    --embeddings | -e) _filedir '@(npy|npz|safetensors)'; return ;;
    --output | -o | --paths) _filedir; return ;;
    --images | --classes | --seed | --epochs | --depth | --width | --height | --rate | --decay | --smoothing | --shift | --size | --threads | --max-memory | --ratio | --threshold | --class | --array) return ;;
  esac
  if [[ $cur == -* ]]; then
    local options="--help --progress"
    case "${words[1]}" in
      demo) options+=" --images --classes --seed" ;;
      info) options+=" --json --no-check --threads" ;;
      embed) options+=" --method --model --epochs --depth --width --rate --decay --smoothing --shift --size --seed --network --no-held-out --threads --output" ;;
      cluster) options+=" --embeddings --array --paths --linkage --max-memory --replace --threads --output" ;;
      linkage) options+=" --class --output" ;;
      subset) options+=" --ratio --policy --threshold --representative --exact --automatic --format --embeddings --output" ;;
      decide) options+=" --rule --value --dry-run --undo --json --ratio --policy --representative --exact" ;;
      figure) options+=" --kind --width --height --ratio --policy --threshold --representative --exact --automatic --output" ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
    return
  fi
  case "${words[1]}" in
    linkage | subset | decide | figure) _filedir tithe ;;
    *) _filedir ;;
  esac
} && complete -F _tithe_cli tithe-cli
